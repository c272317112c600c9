import { declareVariants } from './variants';

declareVariants(3, 4);
